namespace Broker.Samples.Chat;

/// <summary>What somebody said: the data of the event <c>said</c>.</summary>
internal sealed record Said(string By, string Text);
