using System.Collections.Concurrent;
using System.Globalization;
using Broker.Messages;
using Broker.TestKit.Deployments;
using Broker.TestKit.Histories;

namespace Broker.TestKit.Campaigns;

/// <summary>
/// One schedule over a cluster that is whole: clients use it, things break, are mended, and six seconds later everything must be. Its
/// channels and clients are its own; the cluster goes on to the next one.
/// </summary>
internal sealed class CampaignEpisode : IDisposable
{
    private const int Writers = 4;
    private const int Readers = 8;
    private const int Visitors = 6;

    /// <summary>After the end of faults, from when on everything must be whole.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(6_100);

    /// <summary>Ends a hung wait; what is missing then is a violation.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentBag<Task> _tasks = [];
    private readonly ConcurrentQueue<string> _done = new();
    private readonly DeployedCluster _deployment;
    private readonly CampaignOptions _options;
    private readonly CampaignPlace[] _places;
    private readonly int _nodes;
    private readonly List<CampaignWriter> _writers = [];
    private readonly List<CampaignReader> _readers = [];
    private readonly List<CampaignVisitor> _visitors = [];

    /// <param name="nodes">How many places have a node when nothing is broken; the last place is for one that joins.</param>
    public CampaignEpisode(DeployedCluster deployment, CampaignOptions options, int nodes, int number)
    {
        _deployment = deployment;
        _options = options;
        _nodes = nodes;
        Number = number;
        Seed = unchecked((options.Seed * 10_007) + number);
        Over = _over.Token;
        Channels = CampaignApp.Channels(number);
        _places = [.. deployment.Nodes.Select(node => new CampaignPlace(node, History))];
        Populate(new Random(Seed));
    }

    public int Number { get; }

    public int Seed { get; }

    public CampaignHistory History { get; } = new();

    public IReadOnlyList<string> Channels { get; }

    /// <summary>Cancelled when nobody does anything any more.</summary>
    public CancellationToken Over { get; }

    /// <summary>A node for a client; null where none takes any.</summary>
    public DeployedNode? PickNode(Random random)
    {
        var serving = _deployment.Nodes.Where(node => node.IsServing).ToArray();
        return serving.Length == 0 ? null : serving[random.Next(serving.Length)];
    }

    /// <summary>Waited for at the end.</summary>
    public void Track(Task task) => _tasks.Add(task);

    public async Task<EpisodeResult> RunAsync(CancellationToken cancellationToken)
    {
        Begin();
        await BreakAndMendAsync(cancellationToken);
        _visitors.ForEach(visitor => visitor.Rest());
        await Task.Delay(TimeSpan.FromMilliseconds(700), cancellationToken);   // for who is in the middle of it
        History.Add(at => new HistoryRecord.FaultsEnded(at));
        _readers.ForEach(reader => reader.Stays = true);
        await Task.Delay(Settling - TimeSpan.FromSeconds(1), cancellationToken);
        _writers.ForEach(writer => writer.IsDone = true);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        await AuditAsync(cancellationToken);
        await EndAsync();
        return Judge();
    }

    public void Dispose()
    {
        _over.Dispose();
        Array.ForEach(_places, place => place.Dispose());
    }

    private void Populate(Random random)
    {
        for (var i = 0; i < Writers; i++)
        {
            _writers.Add(new CampaignWriter(this, Name("w", i), _options.EmitEveryMs));
        }

        for (var i = 0; i < Readers; i++)
        {
            string[] channels = [.. Channels.Where(_ => random.NextDouble() < 0.45).Append(Channels[i % Channels.Count]).Distinct(StringComparer.Ordinal)];
            _readers.Add(new CampaignReader(this, Name("r", i), channels, wanders: i % 3 == 2));
        }

        for (var i = 0; i < Visitors; i++)
        {
            // Two of the six are one user with two connections.
            var user = i == 5 ? "u4" : Name("u", i);
            _visitors.Add(new CampaignVisitor(this, Name("v", i), Channels[i % 2 == 0 || i >= 4 ? ^2 : ^1], user, isResident: i < 2));
        }
    }

    private void Begin()
    {
        foreach (var writer in _writers)
        {
            Track(writer.RunAsync(0, 100));
            Track(writer.EmitAsync());
        }

        _readers.ForEach(reader => Track(reader.RunAsync(0, 300)));
        _visitors.ForEach(visitor => Track(visitor.RunAsync(0, 800)));
    }

    private async Task BreakAndMendAsync(CancellationToken cancellationToken)
    {
        var schedule = new CampaignSchedule(new Random(Seed), _deployment, _places, _nodes);
        switch (_options.Kind)
        {
            case CampaignKind.RollingRestart: schedule.RollingRestart(cancellationToken); break;
            case CampaignKind.Outage: schedule.Outage(); break;
            default: schedule.Draw(); break;
        }

        var doing = new List<Task>();
        foreach (var fault in schedule.Faults)
        {
            var restMs = fault.AtMs - History.NowMs;
            if (restMs > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(restMs), cancellationToken);
            }

            doing.Add(DoAsync(fault));
        }

        await Task.WhenAll(doing);
        foreach (var place in _places.Take(_nodes))
        {
            await place.StartAsync();
        }

        await _deployment.WaitUntilReadyAsync(cancellationToken);
        _done.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{History.NowMs,6} ms all nodes are ready"));
    }

    private async Task DoAsync(CampaignFault fault)
    {
        var beganMs = History.NowMs;
        await fault.DoAsync();
        _done.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{beganMs,6} ms {fault.What} (took {History.NowMs - beganMs} ms)"));
    }

    private async Task AuditAsync(CancellationToken cancellationToken)
    {
        var auditors = _deployment.Nodes.Where(node => node.IsServing).Select(node => new CampaignAuditor(this, node)).ToArray();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            foreach (var auditor in auditors)
            {
                await auditor.ConnectAsync(patience.Token);
            }

            var taken = await Task.WhenAll(auditors.Select(auditor => auditor.EmitIntoAllAsync(patience.Token)));
            await WaitForReadersAsync([.. taken.SelectMany(one => one)], patience.Token);
            foreach (var auditor in auditors)
            {
                await auditor.AskAllAsync(patience.Token);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or InvalidOperationException or System.Net.WebSockets.WebSocketException && !cancellationToken.IsCancellationRequested)
        {
            History.Add(at => new HistoryRecord.Faulted(at, "", $"A node does not answer though nothing is broken: {fault.Message}"));
        }
        finally
        {
            foreach (var auditor in auditors)
            {
                await auditor.DisposeAsync();
            }
        }
    }

    /// <summary>Until everybody who follows a channel has what was emitted last, and every emit has ended; or not for a while.</summary>
    private async Task WaitForReadersAsync(IReadOnlyList<(string Channel, Position At)> last, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience / 3);
        while (!patience.IsCancellationRequested
            && (_writers.Exists(writer => writer.HasOpen)
                || _readers.Exists(reader => !reader.IsFollowing || last.Any(one => reader.Channels.Contains(one.Channel) && !reader.IsAt(one.Channel, one.At)))))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    private async Task EndAsync()
    {
        foreach (var node in _deployment.Nodes)
        {
            foreach (var error in node.TakeErrors())
            {
                History.Add(at => new HistoryRecord.Faulted(at, node.Name, error));
            }
        }

        History.Add(at => new HistoryRecord.Ended(at));
        await _over.CancelAsync();
        await Task.WhenAll(_tasks);

        // Whoever joined goes again, so that the next episode begins as this one did.
        foreach (var place in _places.Skip(_nodes))
        {
            await place.LeaveAsync();
        }
    }

    private EpisodeResult Judge()
    {
        var records = History.Records;
        var isDouble = IsDouble();
        var rules = new HistoryRules
        {
            ClassOf = CampaignApp.ClassOf,
            Promises = isDouble ? Promises.None : Promises.All,
            AnswerMs = 5_000,   // of a machine that does much else
        };
        return new EpisodeResult(_options.Seed, Number, _options.Kind, [.. _done], isDouble, records, HistoryChecker.Check(records, rules), SlowestMs(records));
    }

    /// <summary>The protocol promises that what is acknowledged outlives one node, not two; but also that all may be cut off at once.</summary>
    private bool IsDouble() => _options.Kind != CampaignKind.Outage && _places.Any(one => _places.Any(other => other != one
        && one.Troubles.Any(first => other.Troubles.Any(second => first.FromMs < second.ToMs && second.FromMs < first.ToMs))));

    private static double SlowestMs(IReadOnlyList<HistoryRecord> records)
    {
        var began = new Dictionary<(string Client, string Event), long>();
        var slowest = 0L;
        foreach (var record in records)
        {
            if (record is HistoryRecord.Emitting emitting)
            {
                began[(emitting.Client, emitting.Event)] = emitting.AtMs;
            }
            else if (record is HistoryRecord.Acknowledged acknowledged && began.TryGetValue((acknowledged.Client, acknowledged.Event), out var at))
            {
                slowest = Math.Max(slowest, acknowledged.AtMs - at);
            }
        }

        return slowest;
    }

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
}
