// Loaded before the main file of each child: should the bench be killed, nothing that it started goes on.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
