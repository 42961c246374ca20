// Installs what package-lock.json names, unless that is what stands in node_modules already: `npm ci`
// removes and rebuilds the folder each time, which a repeated build need not wait for.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const web = new URL('../', import.meta.url);
const stampFile = new URL('node_modules/.installed', web);

// Some packages bring native code, so the stamp names the platform too.
const stamp = [
  createHash('sha256').update(readFileSync(new URL('package-lock.json', web))).digest('hex'),
  process.platform,
  process.arch,
].join(' ');

if (readInstalled() === stamp) {
  console.log('node_modules is up to date');
} else {
  const npm = spawnSync('npm', ['ci'], {
    cwd: fileURLToPath(web),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.error) {
    console.error(`npm could not be started: ${npm.error.message}`);
  }
  if (npm.status !== 0) {
    process.exit(1);
  }
  writeFileSync(stampFile, stamp);
}

function readInstalled() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return null;
  }
}
