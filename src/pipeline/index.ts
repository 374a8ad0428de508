/** From model, picture and methods to one program and its maps; and whether a device computes correctly. */
export { goldenOf, goldenSha256, type Golden } from './self-check/golden.js';
export {
  formatSelfCheck,
  selfCheckVerdict,
  type SelfCheckReport,
  type SelfCheckRow,
} from './self-check/report.js';
export { runSelfCheck } from './self-check/self-check.js';
export { trials } from './self-check/trials/index.js';
export type { Trial } from './self-check/trials/trial.js';
