/** A process of its own that looks for adapters, tells its parent, and ends when that has heard it. */
import { askDawn } from './adapters.js';

process.once('disconnect', () => process.exit());
process.send!(await askDawn());
