import { css } from 'lit';

export const actionStyles = css`
  :host {
    display: block;
    margin-top: 1.25rem;
  }
  .check {
    margin-left: auto;
    color: var(--text-2);
    font-size: 0.875rem;
  }
  form {
    display: grid;
    gap: 1rem;
    margin-top: 0.75rem;
    padding: 1rem;
    border-left: 4px solid var(--text-2);
    background: var(--bg-2);
  }
  form :is(input, select, textarea) {
    max-width: 40rem;
    background: var(--bg-1);
  }
  .outcome,
  .problem {
    margin-top: 0.75rem;
  }
  .outcome {
    color: var(--text-1);
  }
`;
