using System.Threading.Channels;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>What a service under test did on one connection, in order.</summary>
public sealed class Recorder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public void Add(string line) => _lines.Writer.TryWrite(line);

    /// <summary>The next line, which is waited for.</summary>
    public async Task<string> NextAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        return await _lines.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>What has come and nobody has read.</summary>
    public IReadOnlyList<string> Rest()
    {
        var rest = new List<string>();
        while (_lines.Reader.TryRead(out var line))
        {
            rest.Add(line);
        }

        return rest;
    }
}
