namespace Broker.Actors.Sessions;

/// <summary>What sessions are counted by.</summary>
/// <param name="Dialect">As <see cref="Dialects.IDialect.Name"/>.</param>
/// <param name="Way">As <see cref="ITransport.Way"/>.</param>
public readonly record struct SessionKind(string Dialect, string Way);
