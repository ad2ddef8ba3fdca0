import { css } from 'lit';

export const pageStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100vh;
    height: 100dvh;
  }
  .starting,
  .none {
    padding: 2rem;
    color: var(--text-1);
  }
  .skip {
    position: absolute;
    z-index: 10;
    top: 0.5rem;
    left: 0.5rem;
    padding: 0.5rem 1rem;
    background: var(--text-0);
    color: var(--bg-0);
  }
  .skip:not(:focus) {
    width: 1px;
    height: 1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  main {
    position: relative;
    min-height: 0;
    background: var(--bg-0);
  }
  main:focus {
    outline: none;
  }
  main.alerts {
    display: grid;
    grid-template-columns: minmax(22rem, 27rem) minmax(0, 1fr) minmax(20rem, 25rem);
    gap: 2px;
  }
  .case {
    display: grid;
    min-height: 0;
  }
  .back {
    display: none;
  }
  .none {
    grid-column: 2 / -1;
    background: var(--bg-1);
  }
  .counts {
    display: flex;
    flex-wrap: wrap;
    gap: 1.5rem 3rem;
    margin: 1.75rem 0 0;
  }
  .counts dd {
    margin: 0.15rem 0 0;
    color: var(--text-0);
    font-size: 2.5rem;
    font-weight: 600;
    line-height: 1.2;
  }
  /* Old pictures look old: the hatch lies over everything until the hub is heard again. */
  main.lost::after {
    content: '';
    position: absolute;
    inset: 0;
    background: var(--hatch);
    opacity: 0.45;
    pointer-events: none;
  }
  @media (max-width: 80rem) {
    main.alerts {
      grid-template-columns: minmax(20rem, 24rem) minmax(0, 1fr);
      grid-template-rows: minmax(0, 3fr) minmax(0, 2fr);
    }
    ops-alert-queue {
      grid-row: 1 / -1;
    }
  }
  @media (max-width: 50rem) {
    :host {
      height: auto;
      min-height: 100dvh;
    }
    main.alerts {
      display: block;
    }
    ops-alert-queue:not(.alone) {
      display: none;
    }
    ops-alert-queue.alone + .none {
      display: none;
    }
    .back {
      display: block;
      padding: 1rem 1.5rem 0;
      background: var(--bg-1);
    }
  }
`;
