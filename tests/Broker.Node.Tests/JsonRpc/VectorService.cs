using Broker.Actors.Dialects.JsonRpcWs;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>The service S of the protocol's test vectors. It records what it does.</summary>
public sealed class VectorService(Recorders recorders) : JsonRpcService
{
    private Recorder Recorder => recorders.Of(Connection.Query);

    public string[] Hello(string name)
    {
        Recorder.Add($"hello {Id?.GetRawText() ?? "null"}");
        return ["hi, " + name];
    }

    public JsonRpcResult Fail() => JsonRpcResult.Error("boom");

    public void Noret() => Recorder.Add("noret");

    public int Boom() => throw new InvalidOperationException("boom");

    public int[] Opt(int a, int b = 2) => [a, b];

    public int Ask()
    {
        Notify("n", 2);
        _ = RecordAsync("cb", RequestAsync("q", 1));
        return 1;
    }

    public void AskMany(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            _ = RecordAsync($"cb{i}", RequestAsync("q", i));
        }
    }

    public void _secret() => Recorder.Add("secret");

    protected override ValueTask OpenedAsync()
    {
        Recorder.Add("opened");
        if (Connection.Query.StartsWith("greet", StringComparison.Ordinal))
        {
            Notify("hello", "me");
        }

        return default;
    }

    protected override ValueTask ClosedAsync(string? error)
    {
        Recorder.Add("closed " + (error ?? "null"));
        return default;
    }

    private async Task RecordAsync(string name, Task<JsonRpcAnswer> asked)
    {
        var answer = await asked;
        Recorder.Add(answer.Why == NoAnswer.TooMany ? $"{name} dropped" : $"{name}({answer.Result.GetRawText()}, {answer.Error.GetRawText()})");
    }
}
