/** Rows above the baseline, and below it. */
export const [ascent, descent] = [7, 2];
/** Pixels across a letter, without the gap behind it. */
export const glyphWidth = 5;

// A letter is a string, a row of it a digit to the base 32, whose five bits are its pixels from left to right: e is
// .###., h is #...#, v is #####. Rows beyond the seventh lie below the baseline.
const rows: Readonly<Record<string, string>> = {
  ...{ A: 'ehhvhhh', B: 'uhhuhhu', C: 'ehggghe', D: 'uhhhhhu', E: 'vgguggv', F: 'vgguggg', G: 'ehgnhhf' },
  ...{ H: 'hhhvhhh', I: 'e44444e', J: '72222ic', K: 'hikokih', L: 'ggggggv', M: 'hrllhhh', N: 'hhpljhh' },
  ...{ O: 'ehhhhhe', P: 'uhhuggg', Q: 'ehhhlid', R: 'uhhukih', S: 'fgge11u', T: 'v444444', U: 'hhhhhhe' },
  ...{ V: 'hhhhha4', W: 'hhhllla', X: 'hha4ahh', Y: 'hhha444', Z: 'v1248gv' },
  ...{ a: '00e1fhf', b: 'ggmphhu', c: '00egghe', d: '11djhhf', e: '00ehvge', f: '698s888', g: '00fhhhf1e' },
  ...{ h: 'ggmphhh', i: '40c444e', j: '2062222ic', k: 'ggikoki', l: 'c44444e', m: '00qllll', n: '00mphhh' },
  ...{ o: '00ehhhe', p: '00uhhhugg', q: '00fhhhf11', r: '00mpggg', s: '00fge1u', t: '88s8896' },
  ...{ u: '00hhhjd', v: '00hhha4', w: '00hhlla', x: '00ha4ah', y: '00hhhhf1e', z: '00v248v' },
  ...{ 0: 'ehjlphe', 1: '4c4444e', 2: 'eh1248v', 3: 'v2421he', 4: '26aiv22', 5: 'vgu11he', 6: '68guhhe' },
  ...{ 7: 'v124888', 8: 'ehhehhe', 9: 'ehhf12c' },
  ...{ ' ': '', '.': '00000cc', ',': '00000cc48', ':': '0cc0cc0', ';': '0cc0cc48', '-': '000v000' },
  ...{ _: '0000000v', '(': '2488842', ')': '8422248', '/': '01248g0', "'": '448', '"': 'aaa' },
  ...{ '!': '4444404', '?': 'eh12404', '%': 'op248j3', '+': '044v440', '=': '00v0v00' },
};

/** Whether the letter has ink there; a letter that is not known is a box. */
export function hasInk(letter: string, row: number, column: number): boolean {
  const digits = Object.hasOwn(rows, letter) ? rows[letter] : 'vhhhhhv';
  return ((parseInt(digits[row] ?? '0', 32) >> (glyphWidth - 1 - column)) & 1) === 1;
}
