namespace CovidCt.Imaging;

/// <summary>An image that cannot be used; the message is the reason in one sentence, without the file's path.</summary>
/// <param name="reason">What is wrong with the image.</param>
#pragma warning disable CA1032 // A rejection without a reason would be a silent one: there is one constructor.
public sealed class ImageRejectedException(string reason) : Exception(reason);
#pragma warning restore CA1032
