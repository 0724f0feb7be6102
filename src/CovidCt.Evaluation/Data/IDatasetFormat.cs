namespace CovidCt.Data;

/// <summary>
/// A decoder (<see cref="Imaging.IImageDecoder"/>) that also knows data sets of a kind of its own, such as folders of DICOM series. Where a
/// study is given such a decoder, it opens its data sets with it.
/// </summary>
public interface IDatasetFormat
{
    /// <summary>Opens a data set of this kind.</summary>
    /// <param name="path">A folder, or a manifest that ends in <c>.csv</c>.</param>
    /// <returns>Null where it is of another kind.</returns>
    /// <exception cref="UnusableDataException">It is of this kind, and can't be used.</exception>
    CtDataset? Open(string path);
}
