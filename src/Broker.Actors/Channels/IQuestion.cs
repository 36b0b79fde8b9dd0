namespace Broker.Actors.Channels;

/// <summary>Somebody who asked a channel something and waits for its page.</summary>
internal interface IQuestion
{
    /// <summary>From the loop of the channel's shard, once.</summary>
    void Answer(object page);
}
