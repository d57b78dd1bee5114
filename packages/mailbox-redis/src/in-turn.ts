import { createConnection, type Socket } from 'node:net';
import { AbstractConnector } from 'ioredis';
import type { ClusterAddress } from './cluster-url.ts';

/** How long a connection that is being closed may take for it, in ms. */
const disconnectMsMax = 2_000;

/** Connects to any of these nodes, and to the next one after each connection that was lost or could not be made. */
export function inTurn(nodes: ClusterAddress['nodes']): new () => AbstractConnector {
  // So that those who start together do not all listen to the same one.
  let next = Math.floor(Math.random() * nodes.length);
  return class extends AbstractConnector {
    constructor() {
      super(disconnectMsMax);
    }

    override async connect(): Promise<Socket> {
      this.connecting = true;
      const { host, port } = nodes[next % nodes.length] ?? {};
      next += 1;
      const socket = createConnection({ host: host ?? '', port: port ?? 0 });
      socket.once('error', (error) => (this.firstError = error));
      this.stream = socket;
      return socket;
    }
  };
}
