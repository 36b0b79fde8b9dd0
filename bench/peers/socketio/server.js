// The peer "socketio": a server of Socket.IO, joined to its others by the Redis adapter, as its documentation sets one up. bench/cluster starts two or three.
// node server.js PORT REDIS-PORT
const { createServer } = require('node:http');
const { createAdapter } = require('@socket.io/redis-adapter');
const { createClient } = require('redis');
const { Server } = require('socket.io');

const [port, redisPort] = process.argv.slice(2);

// Rooms are the channels. What is thrown, by Redis too, ends the process.
function serve(socket) {
  socket.on('join', async (channel, done) => {
    await socket.join(channel);
    done();
  });
  // The answer, where one is asked for, says that this server has passed it on, and nothing of the others.
  socket.on('publish', (channel, data, done) => {
    socket.nsp.to(channel).emit('e', data);
    done?.();
  });
}

async function main() {
  const publisher = createClient({ url: `redis://127.0.0.1:${redisPort}` });
  const subscriber = publisher.duplicate();
  const fail = (error) => { throw error; };
  publisher.on('error', fail);
  subscriber.on('error', fail);
  await Promise.all([publisher.connect(), subscriber.connect()]);

  const server = createServer();
  // Its heartbeats stay out of the measurement, and need no client that answers them.
  const io = new Server(server, {
    adapter: createAdapter(publisher, subscriber),
    transports: ['websocket'],
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    pingInterval: 3_600_000,
  });
  io.on('connection', serve);
  await subscriber.ping();   // what the adapter subscribed to went before
  server.listen(Number(port), '127.0.0.1', () => {
    const version = (name) => require(`${name}/package.json`).version;
    console.log(`Listening: Socket.IO ${version('socket.io')}, its Redis adapter ${version('@socket.io/redis-adapter')}, Node.js ${process.versions.node}`);
  });
}

main();
