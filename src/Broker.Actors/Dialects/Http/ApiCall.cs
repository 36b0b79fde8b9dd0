using Broker.Actors.Loops;

namespace Broker.Actors.Dialects.Http;

/// <summary>One request to the HTTP API, and where its answer goes.</summary>
/// <param name="Body">The request's; left alone until the call is over.</param>
/// <param name="App">The app that the query names; null for none. One in the body counts more.</param>
/// <param name="Caller">Who sent it.</param>
/// <param name="Answer">Empty; holds the answer's JSON when the call ends without a problem.</param>
public readonly record struct ApiCall(ReadOnlyMemory<byte> Body, string? App, IApiCaller Caller, PayloadWriter Answer);
