import { css } from 'lit';

/** Controls for thumbs: at least 3 rem high, text never below 16 px. */
export const phoneStyles = css`
  button,
  .button {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.6rem;
    width: 100%;
    min-height: 3rem;
    padding: 0.5rem 1rem;
    border: 1px solid var(--text-2);
    border-radius: 6px;
    background: transparent;
    color: var(--text-0);
    font: inherit;
    font-size: 1.125rem;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
    touch-action: manipulation;
  }
  button.primary {
    min-height: 3.75rem;
    border-color: var(--text-0);
    background: var(--text-0);
    color: var(--bg-0);
    font-size: 1.25rem;
    font-weight: 600;
  }
  button:disabled {
    border-color: var(--text-2);
    border-style: dashed;
    background: transparent;
    color: var(--text-1);
    font-weight: 400;
  }
  :is(button, a, textarea, summary):focus-visible {
    outline: 3px solid var(--text-0);
    outline-offset: 2px;
  }
  a {
    color: inherit;
  }
  textarea {
    display: block;
    width: 100%;
    min-height: 7rem;
    margin-top: 0.25rem;
    padding: 0.6rem 0.75rem;
    border: 1px solid var(--text-2);
    border-radius: 6px;
    background: var(--bg-2);
    color: var(--text-0);
    font: inherit;
    font-size: 1.125rem;
  }
  label {
    display: block;
    color: var(--text-1);
  }
  .problem {
    padding: 0.6rem 0.75rem;
    border-left: 4px solid var(--text-0);
    background: var(--bg-2);
  }
  .stack {
    display: grid;
    gap: 0.75rem;
  }
`;
