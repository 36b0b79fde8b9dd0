// The peer "ws": what a service with npm's ws looks like, over https where a certificate is named. It speaks as much of the native dialect as bench/run says.
// node ws.js PORT FOLDER-OF-NODE_MODULES [CERTIFICATE KEY]
const fs = require('node:fs');
const path = require('node:path');

const [port, modules, certificate, key] = process.argv.slice(2);
const { WebSocketServer } = require(path.join(modules, 'ws'));

const channels = new Map();   // name: its subscribers

const server = certificate
  ? require('node:https').createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key), minVersion: 'TLSv1.3' })
  : require('node:http').createServer();

new WebSocketServer({ server, path: '/rpc', perMessageDeflate: false }).on('connection', (socket) => {
  const mine = [];
  socket.on('message', (frame) => {
    const { id, method, params } = JSON.parse(frame);
    if (method === 'subscribe') {
      if (!channels.has(params.channel)) channels.set(params.channel, new Set());
      channels.get(params.channel).add(socket);
      mine.push(params.channel);
      socket.send(JSON.stringify({ jsonrpc: '2.0', result: {}, id }));
    } else if (method === 'publish') {
      const message = JSON.stringify({ jsonrpc: '2.0', method: 'event', params });
      for (const subscriber of channels.get(params.channel) ?? []) subscriber.send(message);
    }
  });
  socket.on('close', () => mine.forEach((name) => channels.get(name).delete(socket)));
});

server.listen(Number(port), '127.0.0.1');
