using CovidCt.Imaging;

namespace CovidCt.Data;

/// <summary>
/// Takes the images of a data set while they are decoded (<see cref="CtDataset.Decode"/>): several rows at once, each on one thread.
/// </summary>
public interface IImageTarget
{
    /// <summary>Whether an image is wanted; one that no target wants isn't read.</summary>
    /// <param name="row">The image's row among <see cref="CtDataset.Samples"/>.</param>
    bool Wants(int row);

    /// <summary>Takes an image that was wanted.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="file">The whole content of its file.</param>
    /// <param name="image">Its pixels, which other targets are given too: they may not be changed.</param>
    void Take(int row, ReadOnlyMemory<byte> file, GrayImage image);

    /// <summary>Takes word that an image which was wanted can't be used.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="reason">Why, in a sentence.</param>
    /// <param name="wasRead">Whether its file could be read from the disk at all; if not, it may be readable another time.</param>
    void Reject(int row, string reason, bool wasRead);
}
