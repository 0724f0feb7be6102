using CovidCt.Records;

namespace CovidCt.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Epochs">The number of epochs.</param>
/// <param name="Step">Steps of this epoch that are done.</param>
/// <param name="Steps">Steps an epoch.</param>
/// <param name="Finished">The epoch's record, once its last step is done.</param>
internal readonly record struct TrainingProgress(int Epoch, int Epochs, int Step, int Steps, EpochRecord? Finished);
