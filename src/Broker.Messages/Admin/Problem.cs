namespace Broker.Messages.Admin;

/// <summary>Why a request was not carried out, as RFC 9457 has it.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Title">For people, the same for every problem of the code.</param>
/// <param name="Detail">What is wrong this time.</param>
public sealed record Problem(int Status, string? Code, string? Title, string? Detail);
