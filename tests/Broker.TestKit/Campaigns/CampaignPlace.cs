using Broker.TestKit.Deployments;
using Broker.TestKit.Histories;
using Broker.TestKit.Proxies;

namespace Broker.TestKit.Campaigns;

/// <summary>What can be done to one node, one thing at a time, and written down. What cannot be done as the node is now is left out.</summary>
internal sealed class CampaignPlace(DeployedNode node, CampaignHistory history) : IDisposable
{
    /// <summary>What a node needs to hold again what it lost, at most.</summary>
    private const long FillMs = 5_000;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(25);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly List<(long FromMs, long ToMs)> _troubles = [];
    private long _troubleSince;
    private int _reasons;
    private bool _wasKilled;
    private int _suspensions;
    private int _owed;
    private bool _isUnknowable;
    private bool _isCutOff;

    public DeployedNode Node => node;

    /// <summary>When it may have been lost to the others, with all that it held.</summary>
    public IReadOnlyList<(long FromMs, long ToMs)> Troubles => _troubles;

    public Task StartAsync() => DoAsync(() => !node.IsRunning, async () =>
    {
        await node.StartAsync();
        if (_suspensions > 0)
        {
            history.Add(at => new HistoryRecord.Suspended(at, node.Life));
        }

        if (_wasKilled)
        {
            _wasKilled = false;
            EndTrouble();
        }
    });

    public Task KillAsync() => DoAsync(() => node.IsRunning, async () =>
    {
        _wasKilled = true;
        BeginTrouble();
        history.Add(at => new HistoryRecord.Killed(at, node.Life));
        var stoodStill = node.IsSuspended;
        await node.KillAsync();
        if (stoodStill)
        {
            Resume();
        }
    });

    public Task FreezeAsync() => DoAsync(() => node.IsServing, async () =>
    {
        Suspend();
        await node.SuspendAsync();
    });

    public Task ThawAsync() => DoAsync(() => node is { IsRunning: true, IsSuspended: true }, async () =>
    {
        await node.ResumeAsync();
        Resume();
    });

    /// <summary>In good order: what it held is held by others when it ends.</summary>
    public Task LeaveAsync() => DoAsync(() => node.IsServing, async () =>
    {
        var code = await node.LeaveAsync();
        if (code != 0)
        {
            history.Add(at => new HistoryRecord.Faulted(at, node.Life, $"left with exit code {code}"));
        }
    });

    /// <summary>Does something to its way to a server; the others may take it for dead meanwhile.</summary>
    public Task HarmAsync(FaultWay way, Action<FaultWay> harm) => DoAsync(static () => true, () =>
    {
        Suspend();
        harm(way);
        if (node is { IsRunning: true, Bus.IsCut: true, Authority.IsCut: true } && !_isCutOff)
        {
            _isCutOff = true;
            history.Add(at => new HistoryRecord.CutOff(at, node.Life));
        }

        return Task.CompletedTask;
    });

    /// <summary>Mends its way to a server. Where it was cut off from both, waits until it is ready again, or not there any more.</summary>
    public async Task HealAsync(FaultWay way)
    {
        var comesBack = false;
        await DoAsync(static () => true, () =>
        {
            way.Heal();
            Resume();
            comesBack = _isCutOff;
            _isCutOff = false;
            return Task.CompletedTask;
        });
        if (comesBack)
        {
            await WaitUntilBackAsync(node.Life);
        }
    }

    /// <summary>Breaks its connections to a server once; they are welcome again at once.</summary>
    public Task BreakAsync(FaultWay way) => DoAsync(static () => true, () =>
    {
        way.Break();
        return Task.CompletedTask;
    });

    /// <summary>PostgreSQL is away: whoever is taken for dead by now cannot say that it is back.</summary>
    public Task CannotSayThatItIsBackAsync() => DoAsync(static () => true, () =>
    {
        _isUnknowable = true;
        return Task.CompletedTask;
    });

    public Task CanSayThatItIsBackAsync() => DoAsync(static () => true, () =>
    {
        _isUnknowable = false;
        for (; _owed > 0; _owed--)
        {
            Resume();
        }

        return Task.CompletedTask;
    });

    public void Dispose() => _gate.Dispose();

    private async Task WaitUntilBackAsync(string life)
    {
        while (!await node.IsReadyAsync(CancellationToken.None))
        {
            if (!node.IsRunning || node.Life != life)
            {
                return;   // it was killed
            }

            await Task.Delay(Between);
        }

        history.Add(at => new HistoryRecord.CameBack(at, life));
    }

    private async Task DoAsync(Func<bool> isPossible, Func<Task> action)
    {
        await _gate.WaitAsync();
        try
        {
            if (isPossible())
            {
                await action();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>It may be taken for dead from now on, for one more reason.</summary>
    private void Suspend()
    {
        if (_suspensions++ == 0)
        {
            BeginTrouble();
            history.Add(at => new HistoryRecord.Suspended(at, node.Life));
        }
    }

    private void Resume()
    {
        if (_isUnknowable)
        {
            _owed++;
        }
        else if (--_suspensions == 0)
        {
            EndTrouble();
            history.Add(at => new HistoryRecord.Resumed(at, node.Life));
        }
    }

    private void BeginTrouble()
    {
        if (_reasons++ == 0)
        {
            _troubleSince = history.NowMs;
        }
    }

    private void EndTrouble()
    {
        if (--_reasons == 0)
        {
            _troubles.Add((_troubleSince, history.NowMs + FillMs));
        }
    }
}
