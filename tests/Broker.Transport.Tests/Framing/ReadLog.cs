using System.Text;
using Broker.Transport.Framing;

namespace Broker.Transport.Tests.Framing;

/// <summary>Runs bytes through a reader in given pieces and writes down what came out.</summary>
internal sealed class ReadLog : IDisposable
{
    private readonly MessageReader _reader;

    public ReadLog(int maxMessageBytes = 64 * 1024, bool isDeflateAgreed = false) =>
        _reader = new MessageReader(maxMessageBytes, isDeflateAgreed);

    public List<string> Lines { get; } = [];

    public int? FailureCode => _reader.Failure?.Code;

    public static ReadLog Of(params byte[][] pieces)
    {
        var log = new ReadLog();
        foreach (var piece in pieces)
        {
            log.Feed(piece);
        }

        return log;
    }

    public ReadLog Feed(byte[] piece)
    {
        Span<byte> input = (byte[])piece.Clone();   // it is unmasked in place
        while (true)
        {
            var outcome = _reader.Read(ref input, out var payload);
            switch (outcome)
            {
                case ReadOutcome.NeedMore:
                    input.Length.ShouldBe(0);
                    return this;
                case ReadOutcome.Failed:
                    if (Lines.Count == 0 || !Lines[^1].StartsWith("failed", StringComparison.Ordinal))
                    {
                        Lines.Add($"failed {FailureCode}");
                    }

                    return this;
                case ReadOutcome.Text:
                    Lines.Add($"text {Encoding.UTF8.GetString(payload)}");
                    break;
                default:
                    Lines.Add($"{outcome.ToString().ToLowerInvariant()} {Convert.ToHexString(payload)}");
                    break;
            }
        }
    }

    public void Dispose() => _reader.Dispose();
}
