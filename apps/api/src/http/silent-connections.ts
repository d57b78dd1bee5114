import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Follows connections over which nothing has been asked yet, as browsers open them ahead of need: Node counts them neither
 * as idle nor as at work, so that a server with one of them never closes. Returns what breaks them off, also those that
 * come later.
 */
export function followSilentConnections(server: Server): () => void {
  const silent = new Set<Socket>();
  let isStopping = false;
  server.on('connection', (socket) => {
    if (isStopping) {
      socket.destroy();
      return;
    }
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return () => {
    isStopping = true;
    for (const socket of silent) socket.destroy();
  };
}
