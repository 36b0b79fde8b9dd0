namespace Broker.TestKit.RocketWs;

/// <summary>What the message source answered.</summary>
public sealed record RocketWsHttpAnswer(int Status, string? ContentType, string Body);
