import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/** What fan-out is measured beside: Socket.IO that emits each update by itself, as one would write it first. */
const http = createServer();
const io = new Server(http, { serveClient: false, transports: ['websocket'] });
http.listen(0, '127.0.0.1', () => process.stdout.write(`${(http.address() as AddressInfo).port}\n`));

process.on('message', ({ updates, perSecond }: { updates: number; perSecond: number }) => {
  const before = process.cpuUsage();
  let sent = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < perSecond / 20 && sent < updates; i++, sent++) {
      io.emit('sample', { series: `station-${sent % 5000}/water-level`, time: Date.now(), value: sent / 7 });
    }
    if (sent < updates) return;
    clearInterval(timer);
    setTimeout(() => {
      const { user, system } = process.cpuUsage(before);
      process.send?.({ cpuSeconds: (user + system) / 1e6 });
    }, 1000);
  }, 50);
});
