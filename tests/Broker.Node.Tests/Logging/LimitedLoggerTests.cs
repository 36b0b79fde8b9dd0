using System.Globalization;
using System.Text.RegularExpressions;
using Broker.Node.Logging;
using Broker.Node.Tests.Nodes;
using Broker.TestKit;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Tests.Logging;

public sealed partial class LimitedLoggerTests : IDisposable
{
    private static readonly EventId Bad = new(1, "Bad");
    private static readonly EventId Worse = new(2, "Worse");

    private readonly RecordingLog _log = new();
    private readonly ManualTime _time = new();

    [Fact]
    public void Log_MoreThanTheLinesOfAMinute_IsLeftOutAndCountedAtItsEnd()
    {
        using var factory = Factory(linesPerMinute: 3);
        var logger = factory.CreateLogger("a");
        Say(logger, Bad, 10);
        Say(logger, Worse, 2);
        Say(factory.CreateLogger("b"), Bad, 1);
        Said().ShouldBe(["a Bad 0", "a Bad 1", "a Bad 2", "a Worse 0", "a Worse 1", "b Bad 0"]);

        _time.Advance(TimeSpan.FromMinutes(1));

        Said()[6..].ShouldBe(["a 7 more lines like those of Bad were left out in the last minute"]);
        Say(logger, Bad, 4);
        Said()[7..].ShouldBe(["a Bad 0", "a Bad 1", "a Bad 2"]);
    }

    [Fact]
    public void Log_WhenNothingWasLeftOut_SaysNothingAboutIt()
    {
        using var factory = Factory(linesPerMinute: 3);
        Say(factory.CreateLogger("a"), Bad, 3);

        _time.Advance(TimeSpan.FromMinutes(5));

        Said().Length.ShouldBe(3);
    }

    [Fact]
    public void Dispose_TellsWhatTheLastMinuteLeftOut()
    {
        using (var factory = Factory(linesPerMinute: 1))
        {
            Say(factory.CreateLogger("a"), Bad, 5);
        }

        Said().ShouldBe(["a Bad 0", "a 4 more lines like those of Bad were left out in the last minute"]);
    }

    [Fact]
    [Trait("Needs", "server")]
    public async Task Node_With10000BadHandshakes_LogsABoundedAmountAndTheirNumber()
    {
        const int Lines = 20;
        const int Handshakes = 10_000;
        await using (var node = await BrokerNode.StartAsync(
            builder =>
            {
                builder.Logging.ClearProviders().AddProvider(_log).SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Debug);
            },
            ("Broker:LogLinesPerMinute", $"{Lines}"), ("Logging:LogLevel:Default", "Debug"), ("Logging:LogLevel:Microsoft", "Debug")))
        {
            await Parallel.ForAsync(0, Handshakes, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (_, _) =>
            {
                using var raw = await RawHttp.ConnectAsync(node.Port);
                await raw.SendAsync("GET /rpc HTTP/1.1\r\nHost localhost without a colon\r\n\r\n");
                (await raw.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 400");
            });
            await node.StopAsync();
        }

        var kinds = _log.Lines.GroupBy(line => (line.Category, line.Event.Id, line.Level)).ToArray();
        var leftOut = _log.Lines.Select(line => LeftOut().Match(line.Text)).Where(match => match.Success)
            .Sum(match => long.Parse(match.Groups["lines"].ValueSpan, CultureInfo.InvariantCulture));
        leftOut.ShouldBeGreaterThan(Handshakes, "each of them would have had its lines");

        // A minute may have ended meanwhile, and each ends with a line of its own.
        kinds.ShouldAllBe(kind => kind.Count() <= 5 * (Lines + 1));
        _log.Lines.Count.ShouldBeLessThan(Handshakes);
    }

    public void Dispose() => _log.Dispose();

    private LimitedLoggerFactory Factory(int linesPerMinute)
    {
#pragma warning disable CA2000 // Disposed of with the one around it.
        return new LimitedLoggerFactory(new LoggerFactory([_log]), linesPerMinute, _time);
#pragma warning restore CA2000
    }

#pragma warning disable CA1848, CA2254, CA1873 // What is logged is not the point.
    private static void Say(ILogger logger, EventId kind, int times)
    {
        for (var n = 0; n < times; n++)
        {
            logger.Log(LogLevel.Warning, kind, $"{kind.Name} {n}");
        }
    }
#pragma warning restore CA1848, CA2254, CA1873

    private string[] Said() => [.. _log.Lines.Select(line => $"{line.Category} {line.Text}")];

    [GeneratedRegex("^(?<lines>[0-9]+) more lines like those of", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex LeftOut();
}
