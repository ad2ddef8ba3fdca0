import { type Static, Type } from 'typebox';
import { Bilingual, literals, Slug, Timestamp } from './primitives.ts';
import { Duration, OPERATORS } from './rule.ts';

const strict = { additionalProperties: false };

/** Which series a tile speaks of. Without `thing` the worst of all that match is shown, by alert, then by threshold. */
export const TileSelect = Type.Object(
  {
    quantity: Type.String({ minLength: 1, maxLength: 256 }),
    source: Type.Optional(Slug),
    thing: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    /** 0 the worst, 1 the next: two tiles of one quantity show two things. */
    rank: Type.Optional(Type.Integer({ minimum: 0, maximum: 99 })),
  },
  strict,
);
export type TileSelect = Static<typeof TileSelect>;

/** The line drawn into the sparkline; `op` says on which side of it trouble lies. */
export const TileThreshold = Type.Object(
  { op: literals(OPERATORS.filter((op) => op !== '==' && op !== '!=')), value: Type.Number() },
  strict,
);
export type TileThreshold = Static<typeof TileThreshold>;

/** A key figure below the map: a series, how many stations report, or how many alerts are open. */
export const WallTile = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('series'),
      title: Bilingual,
      select: TileSelect,
      threshold: Type.Optional(TileThreshold),
      /** Time the sparkline spans. */
      span: Duration,
      decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
    },
    strict,
  ),
  Type.Object({ kind: Type.Literal('stations'), title: Bilingual }, strict),
  Type.Object({ kind: Type.Literal('alerts'), title: Bilingual }, strict),
]);
export type WallTile = Static<typeof WallTile>;

/**
 * How far the farthest reader sits and how large a pixel is; the text size follows (16 and 20 minutes of arc).
 * `pixelPitch` holds at `width` pixels, so the same wall driven at twice the resolution keeps its letters' height.
 */
export const WallScreen = Type.Object(
  {
    viewingDistance: Type.Number({ minimum: 0.3, maximum: 60, description: 'metres' }),
    pixelPitch: Type.Number({ minimum: 0.05, maximum: 20, description: 'millimetres' }),
    width: Type.Integer({ minimum: 640, maximum: 32_768, description: 'pixels across, at which pixelPitch holds' }),
  },
  strict,
);
export type WallScreen = Static<typeof WallScreen>;

const TimeOfDay = Type.String({ pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$' });

export const Shift = Type.Object({ name: Bilingual, from: TimeOfDay, to: TimeOfDay }, strict);
export type Shift = Static<typeof Shift>;

/** `config/walls/{id}.yaml` and `GET /walls/{id}`. */
export const WallConfig = Type.Object(
  {
    id: Slug,
    title: Bilingual,
    screen: WallScreen,
    scheme: literals(['night', 'day']),
    /** IANA name, such as Asia/Ho_Chi_Minh. */
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
    map: Type.Object(
      {
        /** [west, south, east, north], degrees. */
        bounds: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()]),
        layers: Type.Array(Slug, { maxItems: 16 }),
      },
      strict,
    ),
    tiles: Type.Array(WallTile, { maxItems: 6 }),
    shifts: Type.Array(Shift, { maxItems: 8 }),
  },
  strict,
);
export type WallConfig = Static<typeof WallConfig>;

/** Body of `POST /wall-pairings`. */
export const NewWallPairing = Type.Object({ wall: Slug });
export type NewWallPairing = Static<typeof NewWallPairing>;

/** Answer to the screen that waits. `paired`: the session cookie came with this answer; load the wall. */
export const WallPairing = Type.Object({
  wall: Slug,
  code: Type.String({ description: 'what a person types at the desk' }),
  state: literals(['waiting', 'paired', 'expired']),
  expiresAt: Timestamp,
});
export type WallPairing = Static<typeof WallPairing>;
