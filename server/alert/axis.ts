/** One axis of an alert: from each state, where each trigger leads. What is not listed is not allowed. */
export type Axis<State extends string, Trigger extends string> = {
  readonly [S in State]: { readonly [T in Trigger]?: State };
};
