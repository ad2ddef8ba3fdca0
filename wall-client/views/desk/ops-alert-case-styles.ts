import { css } from 'lit';

export const caseStyles = css`
  :host {
    display: block;
    min-height: 0;
    overflow: auto;
    background: var(--bg-1);
  }
  article {
    padding: 1rem 1.5rem 2rem;
  }
  header {
    display: flex;
    justify-content: space-between;
    gap: 1.5rem;
    margin-left: -1.5rem;
    padding-left: 1.25rem;
    border-left: 0.25rem solid var(--info);
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
  header ops-severity {
    font-size: 1.125rem;
    font-weight: 600;
  }
  h2 {
    margin-top: 0.25rem;
    font-size: 1.6rem;
    font-weight: 600;
    line-height: 1.25;
  }
  h2:focus {
    outline: none;
  }
  .where {
    margin-top: 0.25rem;
    color: var(--text-1);
  }
  .value {
    flex: none;
    font-size: 2.5rem;
    font-weight: 600;
    line-height: 1.15;
    white-space: nowrap;
  }
  .value.old {
    align-self: start;
    padding-inline: 0.5rem;
    background: var(--hatch);
    color: var(--text-1);
  }
  section {
    margin-top: 1.5rem;
  }
  h3 {
    padding-bottom: 0.35rem;
    border-bottom: 1px solid var(--line);
    color: var(--text-1);
    font-size: 1rem;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
    gap: 0.9rem 1.5rem;
    margin: 0.75rem 0 0;
  }
  dt {
    color: var(--text-2);
    font-size: 0.875rem;
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  /* Six of them: three and three, never four and two. */
  .axes {
    grid-template-columns: repeat(auto-fill, minmax(max(11rem, 30%), 1fr));
  }
  .axes dd {
    font-size: 1.125rem;
  }
`;
