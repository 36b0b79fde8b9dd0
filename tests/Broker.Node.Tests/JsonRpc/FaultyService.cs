using Broker.Actors.Dialects.JsonRpcWs;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>Does everything that a service should not, and some things that it may.</summary>
public sealed class FaultyService(Recorders recorders) : JsonRpcService
{
    private static readonly SemaphoreSlim NeverFreed = new(0);

    private Recorder Recorder => recorders.Of(Connection.Query);

    public int[] Opt(int a, int b = 2) => [a, b];

    /// <summary>Holds its thread until the test is over.</summary>
    public int Block()
    {
        NeverFreed.Wait(TimeSpan.FromMinutes(1));
        return 0;
    }

    public async Task<int> HangAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            Recorder.Add("cancelled");
        }

        return 0;
    }

    public object Cycle()
    {
        var one = new List<object>();
        one.Add(one);
        return one;
    }

    public string Long(int length) => new('x', length);

    public object Broken() => new BrokenValue();

#pragma warning disable MA0022, VSTHRD114 // What this is a test of.
    public Task<JsonRpcResult> NullTaskAsync() => null!;
#pragma warning restore MA0022, VSTHRD114

    public JsonRpcResult NullResult() => null!;

    public async Task<string> ThrowLaterAsync()
    {
        await Task.Yield();
        throw new TimeoutException("mine");
    }

    /// <summary>Asks its client while it answers.</summary>
    public async Task<JsonRpcResult> AskBackAsync(int number)
    {
        var answer = await RequestAsync("double", number);
        return answer.IsError ? JsonRpcResult.Error(answer.Error)
            : answer.TryAs<int>(out var doubled) ? JsonRpcResult.Of(doubled)
            : JsonRpcResult.Error("not a number");
    }

    /// <summary>Asks with an id of its own, and a time of its own.</summary>
    public async Task<string> AskForAsync(int milliseconds)
    {
        var answer = await RequestAsync(new RequestOptions { Id = "mine", Within = TimeSpan.FromMilliseconds(milliseconds) }, "never");
        return $"{answer.Why} {answer.Result.GetRawText()}";
    }

    public JsonRpcResult Later()
    {
        _ = AnswerAsync(Id!.Value);
        return JsonRpcResult.Later;
    }

    public void Flood(int bytes, int times)
    {
        var text = new string('x', bytes);
        for (var i = 0; i < times; i++)
        {
            Notify("flood", text);
        }
    }

    public void Leave() => Close();

    public void Note(int number) => Recorder.Add($"note {number}");

    protected override async ValueTask OpenedAsync()
    {
        if (Connection.Query.StartsWith("bad", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("cannot be opened");
        }

        if (Connection.Query.StartsWith("slow", StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.Infinite, Aborted);
        }
    }

    protected override ValueTask ClosedAsync(string? error)
    {
        Recorder.Add("closed " + (error ?? "null"));
        return Connection.Query.StartsWith("cross", StringComparison.Ordinal) ? throw new InvalidOperationException("cannot be closed") : default;
    }

    private async Task AnswerAsync(System.Text.Json.JsonElement id)
    {
        await Task.Yield();
        Respond(id, JsonRpcResult.Of("later"));
    }

    private sealed class BrokenValue
    {
        public int Value => throw new InvalidOperationException("no value");
    }
}
