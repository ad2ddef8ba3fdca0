import { css } from 'lit';

export const connectStyles = css`
  form,
  .once,
  ops-first-samples {
    max-width: 40rem;
  }
  form {
    margin-top: 0.75rem;
    justify-items: start;
  }
  form label {
    width: 100%;
  }
  h2:focus {
    outline: none;
  }
  .once {
    margin: 0.75rem 0 1rem;
  }
  .account {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 1rem;
    max-width: 56rem;
  }
  .wide {
    max-width: 56rem;
    margin-top: 1rem;
  }
  @media (max-width: 50rem) {
    .account {
      grid-template-columns: 1fr;
    }
  }
`;
