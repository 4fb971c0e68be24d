// SPDX-License-Identifier: Apache-2.0
#include "ui/session/key_ring.h"

#include <QUrl>
#include <qt6keychain/keychain.h>

namespace ui {

namespace {

/// As the user finds them in the keychain's own program.
QString serviceName()
{
    return QStringLiteral("Stillroom");
}

QString hostOf(const QString &address)
{
    return QUrl(address).authority(QUrl::FullyEncoded).section(QLatin1Char('@'), -1);
}

}  // namespace

// Jobs belong to nobody: libsecret answers them whenever it likes, also when the window is closed.

void KeyRing::read(const QString &address)
{
    auto *job = new QKeychain::ReadPasswordJob(serviceName());
    job->setKey(hostOf(address));
    connect(job, &QKeychain::Job::finished, this, [this, job, address] {
        if (job->error() == QKeychain::NoError)
            Q_EMIT found(address, job->textData());
        else
            Q_EMIT absent(address, job->error() == QKeychain::EntryNotFound);
    });
    job->start();
}

void KeyRing::keep(const QString &address, const QString &key)
{
    auto *job = new QKeychain::WritePasswordJob(serviceName());
    job->setKey(hostOf(address));
    job->setTextData(key);
    connect(job, &QKeychain::Job::finished, this, [this, job, address] {
        if (job->error() == QKeychain::NoError)
            Q_EMIT kept(address);
        else
            Q_EMIT notKept(address);
    });
    job->start();
}

void KeyRing::forget(const QString &address)
{
    auto *job = new QKeychain::DeletePasswordJob(serviceName());
    job->setKey(hostOf(address));
    job->start();
}

}  // namespace ui
