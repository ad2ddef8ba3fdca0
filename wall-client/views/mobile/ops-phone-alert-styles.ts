import { css } from 'lit';

export const phoneAlertStyles = css`
  :host {
    display: flex;
    flex: 1;
    flex-direction: column;
  }
  article {
    flex: 1;
    padding-bottom: 1rem;
  }
  header {
    display: grid;
    gap: 0.25rem;
    padding: 1rem 1rem 1.1rem;
    border-left: 8px solid var(--info);
    background: var(--bg-1);
  }
  header.critical {
    border-color: var(--critical);
  }
  header.major {
    border-color: var(--major);
  }
  header.minor {
    border-color: var(--minor);
  }
  header.warning {
    border-color: var(--warning);
  }
  ops-severity {
    font-size: 1.125rem;
    font-weight: 600;
  }
  h1 {
    font-size: 1.5rem;
    font-weight: 600;
    line-height: 1.3;
  }
  h1:focus {
    outline: none;
  }
  .value {
    font-size: 2.5rem;
    font-weight: 600;
    line-height: 1.2;
  }
  .value.old {
    justify-self: start;
    padding-inline: 0.5rem;
    background: var(--hatch);
    color: var(--text-1);
  }
  .thing {
    font-size: 1.125rem;
  }
  .place {
    display: flex;
    align-items: center;
    min-height: 3rem;
    color: var(--text-1);
    text-underline-offset: 0.2em;
  }
  dl {
    margin: 0;
    padding: 0.5rem 1rem;
  }
  dl div {
    display: grid;
    grid-template-columns: 9.5rem 1fr;
    gap: 0.75rem;
    padding: 0.5rem 0;
    border-bottom: 1px solid var(--line);
  }
  dt {
    color: var(--text-1);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  section {
    padding: 0.75rem 1rem;
  }
  h2 {
    color: var(--text-1);
  }
  footer {
    position: sticky;
    bottom: 0;
    display: grid;
    gap: 0.75rem;
    padding: 0.75rem 1rem calc(0.75rem + env(safe-area-inset-bottom));
    border-top: 1px solid var(--line);
    background: var(--bg-0);
  }
  .actions {
    display: grid;
    grid-auto-columns: 1fr;
    grid-auto-flow: column;
    gap: 0.75rem;
  }
  .actions:has(.primary) {
    grid-template-columns: 1fr 2fr;
  }
  .actions:has(.primary:only-child) {
    grid-template-columns: 1fr;
  }
  .actions button {
    min-height: 3.75rem;
  }
  .kept {
    padding: 0.6rem 0.75rem;
    border: 1px dashed var(--text-1);
  }
  .told {
    color: var(--text-1);
  }
`;
