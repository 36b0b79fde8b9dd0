using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Broker.TestKit.WebSockets;

namespace Broker.ClusterBenchmarks.Speech;

/// <summary>The broker's native dialect: docs/native.md. A batch is one frame.</summary>
internal sealed class NativeSpeech : IClientSpeech
{
    public static readonly NativeSpeech Instance = new();

    private NativeSpeech()
    {
    }

    public Task<CrowdClient> OpenAsync(IPEndPoint server, CancellationToken cancellationToken) =>
        CrowdClient.OpenAsync(server, "/rpc", cancellationToken: cancellationToken);

    public async Task SubscribeAsync(CrowdClient client, string channel, CancellationToken cancellationToken)
    {
        await client.SendAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"channel":"{{{channel}}}"}}""", cancellationToken);
        var answer = await client.ReceiveAsync(cancellationToken);
        if (!answer.Contains("\"result\"", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"A subscription is refused: {answer}");
        }
    }

    public byte[] Publish(string channel, int number) => ClientFrame.Text(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"jsonrpc":"2.0","id":{{{number}}},"method":"publish","params":{"channel":"{{{channel}}}","event":"e","data":{{{number}}},"idempotencyKey":"{{{channel}}}-{{{number}}}"}}"""));

    public byte[] Batch(string channel, int count, int payloadBytes)
    {
        var one = $$$"""{"jsonrpc":"2.0","method":"publish","params":{"channel":"{{{channel}}}","event":"e","data":"{{{new string('x', payloadBytes - 2)}}}"}}""";
        return ClientFrame.Text(Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat(one, count))}]"));
    }

    public Heard Hear(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.TryGetProperty("method", out var method))
        {
            return method.ValueEquals("event") ? new Heard(HeardKind.Event, root.GetProperty("params").GetProperty("data").GetInt32()) : default;
        }

        return new Heard(root.TryGetProperty("result", out _) ? HeardKind.Answer : HeardKind.Refusal, root.GetProperty("id").GetInt32());
    }
}
