namespace Broker.Client.Protocol;

/// <summary>The <c>error</c> of an answer.</summary>
internal sealed record NativeError(int Code, string Message, NativeError.Explanation? Data = null)
{
    /// <summary>True when the same request can go well later.</summary>
    public bool IsTransient => (BrokerErrorCode)Code is BrokerErrorCode.Unavailable or BrokerErrorCode.OutcomeUnknown or BrokerErrorCode.TooManyPublishes;

    public BrokerRefusedException ToException() => new((BrokerErrorCode)Code, Message, Data?.Message);

    public sealed record Explanation(string? Message = null);
}
