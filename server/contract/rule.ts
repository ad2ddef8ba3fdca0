import { type Static, Type } from 'typebox';
import { Bilingual, literals, SeveritySchema, Slug } from './primitives.ts';
import { Labels } from './series.ts';

/** A span such as `90s`, `5m`, `1h30m`, `2d`. */
export const Duration = Type.String({ pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$' });

const patterns = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
]);

/** Which series a rule judges. All given parts must hold; `*` matches any run of characters. */
export const Selector = Type.Object(
  {
    quantity: Type.Optional(patterns),
    thing: Type.Optional(patterns),
    name: Type.Optional(patterns),
    source: Type.Optional(patterns),
    unit: Type.Optional(patterns),
    labels: Type.Optional(Labels),
    /** [west, south, east, north], degrees. */
    area: Type.Optional(Type.Array(Type.Number(), { minItems: 4, maxItems: 4 })),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type Selector = Static<typeof Selector>;

export const OPERATORS = ['>', '>=', '<', '<=', '==', '!='] as const;
export type Operator = (typeof OPERATORS)[number];
const op = literals(OPERATORS);
const number = Type.Number();
const clear = Type.Optional(Type.Number({ description: 'while firing, stays true as long as `value op clear` holds' }));

export const AGGREGATES = ['avg', 'min', 'max', 'sum', 'count', 'stddev', 'p95'] as const;

const strict = { additionalProperties: false };

export const Threshold = Type.Object({ type: Type.Literal('threshold'), op, value: number, clear }, strict);
/** `inside`: true while low ≤ value ≤ high; `outside`: the contrary. `clear` narrows or widens both ends by as much. */
export const Range = Type.Object(
  {
    type: Type.Literal('range'),
    inside: Type.Optional(Type.Tuple([number, number])),
    outside: Type.Optional(Type.Tuple([number, number])),
    clear: Type.Optional(Type.Number({ minimum: 0 })),
  },
  strict,
);
/** Change of the value over the last `over`: value now minus the value that held then. */
export const Rate = Type.Object({ type: Type.Literal('rate'), over: Duration, op, value: number, clear }, strict);
export const Aggregate = Type.Object(
  { type: Type.Literal('aggregate'), fn: literals(AGGREGATES), over: Duration, op, value: number, clear },
  strict,
);
export const RuleCondition = Type.Union([Threshold, Range, Rate, Aggregate]);
export type RuleCondition = Static<typeof RuleCondition>;

export const Rule = Type.Object(
  {
    alert: Slug,
    title: Bilingual,
    select: Selector,
    condition: RuleCondition,
    for: Type.Optional(Duration),
    keep_firing_for: Type.Optional(Duration),
    missing: Type.Optional(
      Type.Object({ after: Type.Optional(Duration), severity: Type.Optional(SeveritySchema) }, strict),
    ),
    severity: SeveritySchema,
    labels: Type.Optional(Labels),
    responsible: Type.Optional(
      Type.Object(
        {
          unit: Slug,
          escalate: Type.Optional(
            Type.Array(Type.Object({ after: Duration, to: literals(['deputy', 'head', 'operator']) }, strict)),
          ),
        },
        strict,
      ),
    ),
    verify_within: Type.Optional(Duration),
    runbook: Type.Optional(Type.String()),
  },
  strict,
);
export type Rule = Static<typeof Rule>;

export const RuleFile = Type.Object(
  { groups: Type.Array(Type.Object({ name: Type.String({ minLength: 1 }), rules: Type.Array(Rule) }, strict)) },
  strict,
);
export type RuleFile = Static<typeof RuleFile>;

/** A finding about a rule file: where, what, and how to mend it. */
export interface RuleFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string | null;
  readonly reason: string;
  readonly suggestion: string | null;
}
