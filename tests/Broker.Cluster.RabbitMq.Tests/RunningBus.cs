using System.Text;
using Broker.Actors.Cluster;
using Broker.TestKit.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Cluster.RabbitMq.Tests;

/// <summary>A connected bus, with what it told its node.</summary>
internal sealed class RunningBus : IAsyncDisposable
{
    private long _lastId;

    private RunningBus(RabbitMqBus bus, RecordingSink sink)
    {
        Bus = bus;
        Sink = sink;
    }

    public RabbitMqBus Bus { get; }

    public RecordingSink Sink { get; }

    public BusAddress Self => Sink.Self!.Value;

    /// <param name="around">What stands between the bus and the recording.</param>
    public static async Task<RunningBus> OpenAsync(string connectionString, Action<RabbitMqOptions>? configure = null, Func<IBusSink, IBusSink>? around = null)
    {
        var options = new RabbitMqOptions { ConnectionString = connectionString, NewsExchange = "broker.test" };
        configure?.Invoke(options);
        var running = new RunningBus(new RabbitMqBus(options, NullLoggerFactory.Instance, TimeProvider.System), new RecordingSink());
        running.Bus.Start(around?.Invoke(running.Sink) ?? running.Sink);
        (await running.NextAsync()).ShouldBe("connected");
        return running;
    }

    public Task<string> NextAsync() => Sink.NextAsync();

    /// <summary>The next that is about this, whatever comes before it.</summary>
    public async Task<string> NextAsync(string beginning)
    {
        while (true)
        {
            var next = await NextAsync();
            if (next.StartsWith(beginning, StringComparison.Ordinal))
            {
                return next;
            }
        }
    }

    public bool TrySend(BusAddress to, string text, bool confirm = false) =>
        Bus.TrySend(to, new SendId(++_lastId), Encoding.UTF8.GetBytes(text), confirm);

    public async Task ShouldReachAsync(RunningBus other)
    {
        TrySend(other.Self, "are you there").ShouldBeTrue();
        await other.NextAsync("received are you there");
    }

    public ValueTask DisposeAsync() => Bus.DisposeAsync();
}
