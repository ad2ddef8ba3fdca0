import { css } from 'lit';

/** Controls of the desk, the login and their forms; sizes in rem, colours from the tokens alone. */
export const controlStyles = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.6em;
    min-height: 2.5rem;
    padding: 0.35rem 0.9rem;
    border: 1px solid var(--text-2);
    border-radius: 3px;
    background: transparent;
    color: var(--text-0);
    font: inherit;
    text-decoration: none;
    cursor: pointer;
  }
  button:hover:not(:disabled),
  .button:hover {
    border-color: var(--text-0);
    background: var(--bg-2);
  }
  button:disabled {
    border-color: var(--line);
    color: var(--text-2);
    cursor: default;
  }
  button.primary {
    border-color: var(--text-0);
    background: var(--text-0);
    color: var(--bg-0);
    font-weight: 600;
  }
  button.primary:hover:not(:disabled) {
    background: var(--text-1);
  }
  button.primary:disabled {
    border-color: var(--line);
    background: var(--bg-2);
    color: var(--text-1);
  }
  button.plain {
    min-height: 2rem;
    border-color: transparent;
    padding: 0.2rem 0.5rem;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  kbd {
    font: inherit;
    font-size: 0.8125rem;
    font-weight: 400;
    opacity: 0.8;
    white-space: nowrap;
  }
  :is(button, a, input, select, textarea, [tabindex]):focus-visible {
    outline: 2px solid var(--text-0);
    outline-offset: 2px;
  }
  a {
    color: inherit;
    text-underline-offset: 0.2em;
  }
  label {
    display: block;
    color: var(--text-1);
    font-size: 0.9375rem;
  }
  input:not([type='checkbox']),
  select,
  textarea {
    display: block;
    width: 100%;
    min-height: 2.5rem;
    margin-top: 0.25rem;
    padding: 0.4rem 0.6rem;
    border: 1px solid var(--text-2);
    border-radius: 3px;
    background: var(--bg-2);
    color: var(--text-0);
    font: inherit;
    font-size: 1rem;
  }
  textarea {
    min-height: 5.5rem;
    resize: vertical;
  }
  :is(input, select, textarea)[aria-invalid='true'] {
    border-color: var(--text-0);
    border-width: 2px;
  }
  input[type='checkbox'] {
    width: 1.15rem;
    height: 1.15rem;
    margin: 0;
    accent-color: var(--text-0);
  }
  .check {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    min-height: 2rem;
  }
  .hint {
    color: var(--text-2);
    font-size: 0.875rem;
  }
  .problem {
    padding: 0.5rem 0.75rem;
    border-left: 4px solid var(--text-0);
    background: var(--bg-2);
    color: var(--text-0);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  .fields {
    display: grid;
    gap: 1rem;
  }
`;

/** Pages of one column beside the queue: sources, quarantine, screens, people. */
export const pageStyles = css`
  :host {
    display: block;
    height: 100%;
    overflow: auto;
    padding: 1.5rem 2rem 3rem;
    background: var(--bg-1);
  }
  h1 {
    font-size: 1.6rem;
    font-weight: 600;
  }
  h2 {
    margin-top: 2rem;
    font-size: 1.25rem;
    font-weight: 600;
  }
  .lead {
    max-width: 46rem;
    margin: 0.25rem 0 1.5rem;
    color: var(--text-1);
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    padding: 0.5rem 1rem 0.5rem 0;
    border-bottom: 1px solid var(--text-2);
    color: var(--text-1);
    font-weight: 400;
    text-align: left;
    vertical-align: bottom;
  }
  td {
    padding: 0.65rem 1rem 0.65rem 0;
    border-bottom: 1px solid var(--line);
    vertical-align: top;
  }
  .number {
    text-align: right;
  }
  .empty {
    padding: 2rem 0;
    color: var(--text-1);
  }
`;
