/** What of a process tells of the terminal that it writes to. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>;
}

/** How a picture can be shown in a terminal. */
export type Protocol = 'kitty' | 'iterm' | 'sixel' | 'blocks';

/** Signs of a terminal in its environment. */
type Sign = (env: NodeJS.ProcessEnv) => boolean;

const program = (...names: readonly string[]): Sign => {
  return ({ TERM_PROGRAM, LC_TERMINAL }) =>
    names.includes(TERM_PROGRAM ?? '') || names.includes(LC_TERMINAL ?? '');
};
const term = (pattern: RegExp): Sign => {
  return ({ TERM = '' }) => pattern.test(TERM);
};

/** From 22.04 on. */
const konsole: Sign = ({ KONSOLE_VERSION }) => Number(KONSOLE_VERSION) >= 220400;

/** The first protocol that a sign speaks for is taken: the first are those that lose nothing. */
const signs: readonly (readonly [Protocol, readonly Sign[]])[] = [
  [
    'kitty',
    [
      ({ KITTY_WINDOW_ID }) => Boolean(KITTY_WINDOW_ID),
      term(/^xterm-(kitty|ghostty)$/),
      program('ghostty', 'WarpTerminal'),
      konsole,
    ],
  ],
  ['iterm', [program('iTerm.app', 'iTerm2', 'WezTerm', 'rio', 'mintty')]],
  ['sixel', [term(/sixel|^foot|^mlterm|^vt340|^yaft|^contour/)]],
  ['blocks', [({ COLORTERM = '' }) => /^(truecolor|24bit)$/.test(COLORTERM), term(/direct|truecolor/)]],
];

/** Between the program and the terminal, and lets no picture through. */
const isMultiplexed: Sign = (env) => Boolean(env['TMUX'] ?? env['STY']) || term(/^(screen|tmux)/)(env);

/**
 * How pictures are shown in a terminal, by what its environment says; undefined where they cannot be, or are not wanted.
 * @see https://no-color.org
 */
export function protocolOf({ env, stdout }: Terminal): Protocol | undefined {
  if (!stdout.isTTY || env['NO_COLOR'] || env['TERM'] === 'dumb') return undefined;
  const known = isMultiplexed(env) ? signs.filter(([name]) => name === 'blocks') : signs;
  return known.find(([, some]) => some.some((sign) => sign(env)))?.[0];
}
