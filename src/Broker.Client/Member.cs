namespace Broker.Client;

/// <summary>A user who is present in a channel.</summary>
/// <param name="Info">What others see of the user; <c>null</c> where there is nothing.</param>
/// <param name="Connections">How many of the user's connections are present.</param>
public sealed record Member(string User, JsonData Info, int Connections);
