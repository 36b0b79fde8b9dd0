using Broker.Actors.Dialects;
using Broker.Actors.Sessions;

namespace Broker.Actors.Rooms;

/// <summary>What makes two subscriptions share the bytes of an event.</summary>
internal readonly record struct EncodingKey(IDialect Dialect, int Version, IFraming Framing);
