import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/** The bare limit beside which ingest is measured: the same broker, which parses the JSON and does nothing with it. */
const broker = await Aedes.createBroker({
  authorizePublish(_client, packet, done) {
    JSON.parse(packet.payload.toString());
    done(null);
  },
});
const server = createServer(broker.handle);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
