using System.Text.Json;

using BenchmarkDotNet.Attributes;

namespace Broker.Benchmarks;

/// <summary>What reading one native publish frame costs: tokens over the frame against a document of it.</summary>
[MemoryDiagnoser]
public class PublishFrameParsing
{
    private byte[] _frame = [];

    /// <summary>Bytes of the event's data.</summary>
    [Params(128, 4096)]
    public int DataBytes { get; set; }

    [GlobalSetup]
    public void Setup() => _frame = JsonSerializer.SerializeToUtf8Bytes(new
    {
        jsonrpc = "2.0",
        method = "publish",
        @params = new { channel = "ch00012", @event = "m", data = new string('x', DataBytes) },
    });

    [Benchmark(Baseline = true)]
    public PublishParts Reader() => PublishParts.Read(_frame);

    [Benchmark]
    public PublishParts Document()
    {
        using var document = JsonDocument.Parse(_frame);
        var root = document.RootElement;
        var parameters = root.GetProperty("params");
        return new PublishParts(
            root.GetProperty("method").ValueEquals("publish"u8),
            parameters.GetProperty("channel").GetString(),
            parameters.GetProperty("event").GetString(),
            parameters.GetProperty("data").GetRawText().Length);
    }
}
