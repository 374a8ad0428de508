/* global process */
// Loaded before the command, so that it takes what collects its output for a terminal of this size.
Object.assign(process.stdout, { isTTY: true, columns: 100, rows: 40, hasColors: () => true });
