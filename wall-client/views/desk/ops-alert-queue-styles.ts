import { css } from 'lit';

export const queueStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--bg-1);
  }
  header {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    padding: 1rem 1.25rem 0.5rem;
  }
  h1 {
    font-size: 1.25rem;
    font-weight: 600;
  }
  .count {
    color: var(--text-1);
  }
  .filters {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 0.5rem 0.75rem;
    padding: 0 1.25rem 0.75rem;
    border-bottom: 1px solid var(--line);
  }
  .filters label {
    font-size: 0.875rem;
  }
  .filters select {
    min-height: 2.1rem;
    margin-top: 0.1rem;
    padding-block: 0.15rem;
    font-size: 0.9375rem;
  }
  .filters .check,
  .filters .plain {
    grid-column: 1 / -1;
    justify-self: start;
  }
  .list {
    flex: 1;
    min-height: 0;
    overflow: auto;
  }
  .item {
    display: grid;
    gap: 0.1rem;
    padding: 0.6rem 1.25rem 0.65rem 1rem;
    border-bottom: 1px solid var(--line);
    border-left: 0.25rem solid transparent;
    color: var(--text-1);
    text-decoration: none;
  }
  .item:hover {
    background: color-mix(in srgb, var(--bg-2) 55%, transparent);
  }
  .item[aria-current] {
    background: var(--bg-2);
  }
  .item:focus-visible {
    outline-offset: -3px;
  }
  /* The bar says: nobody has taken it. It takes the colour of the shape beside it. */
  .item.new {
    border-left-color: var(--info);
    color: var(--text-0);
  }
  .item.new.critical {
    border-left-color: var(--critical);
  }
  .item.new.major {
    border-left-color: var(--major);
  }
  .item.new.minor {
    border-left-color: var(--minor);
  }
  .item.new.warning {
    border-left-color: var(--warning);
  }
  .item.ended.ended.ended {
    margin: 0.35rem 0.5rem;
    border: 1px dashed var(--text-1);
    padding-inline: 0.65rem 0.75rem;
  }
  .line {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 1rem;
  }
  .line:first-child {
    align-items: center;
  }
  .line ops-severity {
    font-size: 0.9375rem;
  }
  .title {
    color: var(--text-0);
  }
  .new .title {
    font-weight: 600;
  }
  .value {
    color: var(--text-0);
    white-space: nowrap;
  }
  .age,
  .handling {
    flex: none;
    color: var(--text-1);
    font-size: 0.9375rem;
    white-space: nowrap;
  }
  .line.quiet {
    color: var(--text-1);
    font-size: 0.9375rem;
  }
  .line.quiet span:first-child {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .empty,
  .rest {
    padding: 1rem 1.25rem;
    color: var(--text-1);
  }
`;
