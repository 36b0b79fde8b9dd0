namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// What a method answers, where it is more than a value: JSON-RPC 1.0's pair of result and error, of which one is null. An error is any value;
/// there are no codes. A notification has no answer, so what its method gives is let go.
/// </summary>
public sealed class JsonRpcResult
{
    private JsonRpcResult(object? value, object? error)
    {
        Value = value;
        ErrorValue = error;
    }

    /// <summary>No answer now: the method, or somebody that it told, calls <see cref="JsonRpcService.Respond"/> later.</summary>
    public static JsonRpcResult Later { get; } = new(value: null, error: null);

    /// <summary>The result; null where it is null, and for an error.</summary>
    public object? Value { get; }

    /// <summary>The error; null for a result.</summary>
    public object? ErrorValue { get; }

    /// <summary>The same as returning the value itself.</summary>
    public static JsonRpcResult Of(object? value) => new(value, error: null);

    /// <param name="error">Anything that becomes JSON, but null.</param>
    public static JsonRpcResult Error(object error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new JsonRpcResult(value: null, error);
    }
}
