// Serves the built page on this machine alone, prints its address, and opens it where there is a browser to open it in.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

const server = await preview({ configFile: fileURLToPath(new URL('vite.config.js', import.meta.url)) });
const address = server.resolvedUrls.local[0];
console.log(`The page is at ${address} (Ctrl+C ends it).`);
if (!process.argv.includes('--no-open')) open(address);

/** @param {string} address */
function open(address) {
  const commands = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''], linux: ['xdg-open'] };
  const [command, ...before] = commands[process.platform] ?? commands.linux;
  const browser = spawn(command, [...before, address], { stdio: 'ignore', detached: true });
  // Where there is no screen, the address is enough.
  browser.on('error', () => undefined);
  browser.unref();
}
