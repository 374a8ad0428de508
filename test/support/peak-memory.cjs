// Required before a program, writes to the file that VITRINE_TEST_PEAK names how many bytes were resident at most.
const { writeFileSync } = require('node:fs');
const process = require('node:process');

process.on('exit', () => {
  writeFileSync(process.env.VITRINE_TEST_PEAK, String(1024 * process.resourceUsage().maxRSS));
});
