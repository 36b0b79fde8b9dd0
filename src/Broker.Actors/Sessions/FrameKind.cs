namespace Broker.Actors.Sessions;

/// <summary>What a message of a client or of ours is: UTF-8 text or bytes.</summary>
public enum FrameKind : byte
{
    Text = 1,
    Binary = 2,
}
