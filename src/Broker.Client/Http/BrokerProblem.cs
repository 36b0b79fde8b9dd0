namespace Broker.Client.Http;

/// <summary>What the HTTP API says went wrong, as RFC 9457 has it.</summary>
/// <param name="Code">Why; go by this. <c>unknown</c> where something between answered that is not the broker.</param>
/// <param name="Status">The HTTP status; of an entry the one that it would have had alone.</param>
/// <param name="Title">For people, the same for every problem of the code.</param>
/// <param name="Detail">What is wrong this time, for people.</param>
/// <param name="Pointer">Where in the request's body (RFC 6901).</param>
public sealed record BrokerProblem(string Code, int Status, string Title, string? Detail = null, string? Pointer = null)
{
    /// <summary>True when the same request can go well later.</summary>
    public bool IsTransient => Status is 408 or 429 or 502 or 503 or 504;

    /// <summary>True when the request may have been carried out nevertheless.</summary>
    public bool MayHaveBeenDone => Status is 500 or 502 or 504;

    /// <inheritdoc/>
    public override string ToString() => $"{Status} {Code}: {Detail ?? Title}{(Pointer is null ? "" : $" ({Pointer})")}";
}
