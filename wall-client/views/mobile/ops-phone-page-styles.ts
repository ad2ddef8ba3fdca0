import { css } from 'lit';

export const phonePageStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 100dvh;
    max-width: 40rem;
    margin: 0 auto;
    font-size: 1rem;
  }
  main {
    display: flex;
    flex: 1;
    flex-direction: column;
  }
  .login {
    justify-content: center;
    padding: 1.5rem;
  }
  .login h1 {
    font-size: 1.6rem;
    font-weight: 600;
  }
  .product {
    margin: 0.25rem 0 1.5rem;
    color: var(--text-1);
  }
  header {
    position: sticky;
    z-index: 1;
    top: 0;
  }
  .bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 3.5rem;
    padding: env(safe-area-inset-top) 0.25rem 0 1rem;
    border-bottom: 1px solid var(--line);
    background: var(--bg-0);
  }
  .bar h1 {
    font-size: 1.25rem;
    font-weight: 600;
  }
  .account,
  .back {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    min-width: 3rem;
    min-height: 3rem;
    text-decoration: none;
  }
  .account {
    justify-content: center;
  }
  .back {
    margin-left: -0.75rem;
    padding-right: 1rem;
    font-size: 1.125rem;
  }
  svg {
    width: 1.6rem;
    height: 1.6rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .away {
    padding: 0.6rem 1rem;
    background: var(--text-0);
    color: var(--bg-0);
    font-weight: 600;
  }
  .remind {
    padding: 0.75rem 1rem;
    border-bottom: 1px solid var(--line);
    background: var(--bg-2);
  }
  .remind a {
    display: inline-block;
    padding: 0.35rem 0;
    text-underline-offset: 0.2em;
  }
  .missing {
    padding: 2rem 1rem;
    color: var(--text-1);
  }
`;
