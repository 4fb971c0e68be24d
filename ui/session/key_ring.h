// SPDX-License-Identifier: Apache-2.0
// Keys of services in the desktop's keychain. The keychain is asked from the GUI thread only; it answers later.
#pragma once

#include <QObject>

namespace ui {

class KeyRing final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// `found` or `absent` follows. Keys are kept by the host of an address.
    void read(const QString &address);
    /// `kept` or `notKept` follows.
    void keep(const QString &address, const QString &key);
    void forget(const QString &address);

Q_SIGNALS:
    void found(const QString &address, const QString &key);
    /// `hasKeychain` false: there is none on this desktop, or it is locked.
    void absent(const QString &address, bool hasKeychain);
    void kept(const QString &address);
    void notKept(const QString &address);
};

}  // namespace ui
