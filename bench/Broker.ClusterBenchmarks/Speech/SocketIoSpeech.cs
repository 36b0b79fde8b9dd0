using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Broker.TestKit.WebSockets;

namespace Broker.ClusterBenchmarks.Speech;

/// <summary>
/// Socket.IO's protocol 5 over Engine.IO's 4, without polling, to bench/peers/socketio/server.js. A frame is a packet: 0{...} opened, 40 connect,
/// 42["event",...] an event, 42N["event",...] one that asks for the answer 43N[...]. It has no batches: one is as many frames in one write.
/// </summary>
internal sealed class SocketIoSpeech : IClientSpeech
{
    public static readonly SocketIoSpeech Instance = new();

    private SocketIoSpeech()
    {
    }

    public async Task<CrowdClient> OpenAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        var client = await CrowdClient.OpenAsync(server, "/socket.io/?EIO=4&transport=websocket", cancellationToken: cancellationToken);
        try
        {
            await ExpectAsync(client, "0{", cancellationToken);
            await client.SendAsync("40", cancellationToken);
            await ExpectAsync(client, "40{", cancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task SubscribeAsync(CrowdClient client, string channel, CancellationToken cancellationToken)
    {
        await client.SendAsync($"""420["join","{channel}"]""", cancellationToken);
        await ExpectAsync(client, "430[", cancellationToken);
    }

    public byte[] Publish(string channel, int number) =>
        ClientFrame.Text(string.Create(CultureInfo.InvariantCulture, $"""42{number}["publish","{channel}",{number}]"""));

    public byte[] Batch(string channel, int count, int payloadBytes)
    {
        var one = ClientFrame.Text($"""42["publish","{channel}","{new string('x', payloadBytes - 2)}"]""");
        return [.. Enumerable.Repeat(one, count).SelectMany(frame => frame)];
    }

    public Heard Hear(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("43"u8) && Utf8Parser.TryParse(message[2..], out int number, out _))
        {
            return new Heard(HeardKind.Answer, number);
        }

        if (!message.StartsWith("42["u8))
        {
            return default;
        }

        var reader = new Utf8JsonReader(message[2..]);
        using var document = JsonDocument.ParseValue(ref reader);
        return new Heard(HeardKind.Event, document.RootElement[1].GetInt32());
    }

    private static async Task ExpectAsync(CrowdClient client, string start, CancellationToken cancellationToken)
    {
        var said = await client.ReceiveAsync(cancellationToken);
        if (!said.StartsWith(start, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Socket.IO does not say {start}: {said}");
        }
    }
}
